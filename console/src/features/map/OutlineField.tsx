// The outline of a place in a form: its corners typed, one a line, or drawn on a map that is fetched when it is wanted. Both
// say the same at any moment.
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '@/shared/ui/Act';
import { TextField } from '@/shared/ui/fields';
import type { Corner } from './mapAddress';
import { cornersText, typedRing } from './ring';
import './messages';
import './Map.css';

const FormMap = lazy(() => import('./FormMap'));
const TEXT_MOST = 16_000;

/** What an outline's field holds: the outline, and whether what stands in it can be read. */
export interface Outlined {
  ring: readonly (readonly number[])[] | null;
  readable: boolean;
}

interface Props {
  value: readonly (readonly number[])[] | null;
  middle: Corner | null;
  fault: string | undefined;
  testId: string;
  onChange: (outlined: Outlined) => void;
}

export function OutlineField({ value, middle, fault, testId, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => cornersText(value));
  const [drawing, setDrawing] = useState(false);
  const typed = typedRing(text);
  const wrong = typed.fault ? ('line' in typed.fault ? t('map.outline.badLine', typed.fault) : t('map.outline.tooFew', typed.fault)) : undefined;
  const put = (written: string): void => {
    const { ring, fault: unread } = typedRing(written);
    setText(written);
    onChange({ ring, readable: unread === null });
  };
  const corners = cornersOf(text);
  return (
    <div className="mj-outline">
      <TextField label={t('map.outline.label')} lines={Math.min(Math.max(corners.length, 3), 8)} most={TEXT_MOST} value={text} fault={fault ?? wrong} hint={t('map.outline.hint')} testId={testId} onChange={put} />
      <div className="mj-row">
        <Act testId={`${testId}-draw`} pressed={drawing} onAct={() => setDrawing(!drawing)}>
          {t(drawing ? 'map.outline.fold' : 'map.outline.draw')}
        </Act>
        {text ? (
          <Act kind="quiet" onAct={() => put('')}>
            {t('map.outline.empty')}
          </Act>
        ) : null}
      </div>
      {drawing ? (
        <>
          <p className="mj-muted">{t('map.outline.how')}</p>
          <Suspense fallback={<div className="mj-form-map" aria-busy="true" />}>
            <FormMap middle={middle} ring={corners} onRing={(ring) => put(cornersText(ring))} />
          </Suspense>
        </>
      ) : null}
    </div>
  );
}

/** The corners that are there so far: one and two can be drawn, too. */
function cornersOf(text: string): readonly Corner[] {
  const whole = typedRing(text);
  if (whole.ring) return whole.ring;
  return text.split('\n').flatMap((line) => {
    const filled = typedRing(`${line}\n${line}\n${line}`).ring;
    return filled?.[0] ? [filled[0]] : [];
  });
}
