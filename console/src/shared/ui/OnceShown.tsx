// A secret that is shown this once: the text, what to do with it, and an act that hides it for good.
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from './Act';
import './Sheet.css';

interface Props {
  title: string;
  text: string;
  note: string;
  onHide: () => void;
  testId: string;
}

export function OnceShown({ title, text, note, onHide, testId }: Props) {
  const { t } = useTranslation();
  const seat = useRef<HTMLElement>(null);
  useEffect(() => seat.current?.focus(), []);
  return (
    <section ref={seat} tabIndex={-1} className="mj-card" role="status" aria-label={title} data-testid={testId}>
      <h2>{title}</h2>
      <output className="mj-secret" data-testid={`${testId}-text`}>
        {text}
      </output>
      <p>{note}</p>
      <div>
        <Act kind="primary" onAct={onHide} testId={`${testId}-hide`}>
          {t('oversee.copied')}
        </Act>
      </div>
    </section>
  );
}
