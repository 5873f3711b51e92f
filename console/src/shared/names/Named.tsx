// A thing by its name, its identifier small beside it, to copy. Without a known name the identifier stands alone.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { identified } from './identifiers';
import { useName } from './useName';
import './messages';
import './Names.css';

/** `name`: where it is known already, nothing is asked for. */
export function Named({ id, name }: { id: string; name?: string }) {
  const { t } = useTranslation();
  const what = identified(id);
  const found = useName(name ? null : what);
  const shown = name ?? found.name;
  return (
    <span className="mj-named" data-testid={`named-${id}`}>
      {shown ? <span title={found.old ? t('names.whenRegistered') : undefined}>{shown}</span> : null}
      {what?.stream ? <span>{t(`names.stream.${what.stream}`)}</span> : null}
      <Identifier id={id} />
    </span>
  );
}

/** The name alone, for the text of a link; the identifier where no name is known. */
export function NameText({ id }: { id: string }) {
  const { name, old } = useName(identified(id));
  const { t } = useTranslation();
  return <span title={old ? t('names.whenRegistered') : undefined}>{name ?? id}</span>;
}

const COPIED_MS = 2000;

/** Small, selected whole by a click; where the browser allows it, the click copies. */
export function Identifier({ id }: { id: string }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = window.setTimeout(() => setCopied(false), COPIED_MS);
    return () => window.clearTimeout(timer);
  }, [copied]);
  if (!window.isSecureContext) return <code className="mj-identifier">{id}</code>;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
  };
  return (
    <button type="button" className="mj-identifier" title={t('names.copy', { id })} onClick={() => void copy()}>
      {id}
      <span role="status">{copied ? ` ${t('names.copied')}` : ''}</span>
    </button>
  );
}
