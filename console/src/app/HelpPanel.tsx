// `?`: the keys of this page and of the whole console, read from what the components declared.
import { useTranslation } from 'react-i18next';
import { useDeclaredKeys, useKeys } from '@/shared/keys';
import { Act } from '@/shared/ui/Act';

export function HelpPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const layers = useDeclaredKeys();
  useKeys([
    {
      keys: 'Esc',
      meaning: t('frame.help.out'),
      act: () => {
        onClose();
        return undefined;
      },
      inFields: true,
    },
  ]);
  // Children declare before parents, so the shell's layer lies under the page's: the first is this panel's own.
  const shown = layers.slice(1).filter((bindings) => bindings.length > 0);
  return (
    <div className="mj-veil" onMouseDown={(e) => e.target === e.currentTarget && onClose()}>
      <div className="mj-sheet mj-help" role="dialog" aria-label={t('frame.help.title')} data-testid="help">
        <h1>{t('frame.help.title')}</h1>
        {shown.map((bindings, i) => (
          <section key={i}>
            <h2>{bindings.some((b) => b.keys === 'Ctrl K') ? t('frame.help.everywhere') : t('frame.help.thisPage')}</h2>
            <dl>
              {bindings.map((binding) => (
                <div key={binding.keys + binding.meaning} style={{ display: 'contents' }}>
                  <dt>
                    {binding.keys.split(' ').map((key) => (
                      <kbd key={key} className="mj-key">
                        {key}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{binding.meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <p style={{ marginTop: 12 }}>
          <Act onAct={onClose}>{t('frame.help.close')}</Act>
        </p>
      </div>
    </div>
  );
}
