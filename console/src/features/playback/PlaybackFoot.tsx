// Below the timeline: zoom steps, marks by button or typed, the length and the loss of what they enclose.
import { useTranslation } from 'react-i18next';
import { clockMsText, type Micros } from '@/shared/time/axis';
import { spanText } from '@/shared/time/beijing';
import type { Marks } from '@/shared/timeline/layout';
import { ZOOM_STEPS, type ZoomStep } from '@/shared/timeline/scale';
import { Act } from '@/shared/ui/Act';
import { TimeField } from './TimeField';

interface Props {
  zoom: string;
  onZoom: (step: ZoomStep) => void;
  marks: Marks;
  onMarks: (marks: Marks) => void;
  positionUs: () => Micros;
  /** Lost within the marks, all cameras together; null while there is no stretch. */
  lostUs: Micros | null;
  table: boolean;
  onTable: () => void;
}

interface ZoomWords {
  '1mo': string;
  '1w': string;
  '3d': string;
  '1d': string;
  '8h': string;
  '2h': string;
  '30m': string;
  '10m': string;
  '2m': string;
  '30s': string;
  '5s': string;
  frame: string;
}

export function PlaybackFoot({ zoom, onZoom, marks, onMarks, positionUs, lostUs, table, onTable }: Props) {
  const { t } = useTranslation();
  const { inUs, outUs } = marks;
  return (
    <div className="mj-play-foot">
      <span className="mj-play-zooms" role="group" aria-label={t('playback.zoom')}>
        {ZOOM_STEPS.map((step) => (
          <Act
            key={step.id}
            kind="quiet"
            pressed={zoom === step.id}
            testId={`zoom-${step.id}`}
            onAct={() => onZoom(step)}
          >
            {t(`playback.zooms.${step.id as keyof ZoomWords}`)}
          </Act>
        ))}
      </span>
      <Mark which="inUs" marks={marks} onMarks={onMarks} positionUs={positionUs} />
      <Mark which="outUs" marks={marks} onMarks={onMarks} positionUs={positionUs} />
      {inUs !== null && outUs !== null ? (
        <>
          <span data-testid="marks-length">{spanText(Math.max(0, outUs - inUs))}</span>
          <span>
            {lostUs ? t('playback.sheet.missing', { length: spanText(lostUs) }) : t('playback.sheet.nothing')}
          </span>
          <Act kind="quiet" onAct={() => onMarks({ inUs: null, outUs: null })}>
            {t('playback.clearMarks')}
          </Act>
        </>
      ) : null}
      <Act kind="quiet" shortcut="V" pressed={table} testId="gap-table-toggle" onAct={onTable}>
        {t('playback.table')}
      </Act>
    </div>
  );
}

function Mark({
  which,
  marks,
  onMarks,
  positionUs,
}: Pick<Props, 'marks' | 'onMarks' | 'positionUs'> & { which: keyof Marks }) {
  const { t } = useTranslation();
  const isIn = which === 'inUs';
  const name = t(isIn ? 'playback.markIn' : 'playback.markOut');
  const atUs = marks[which];
  return (
    <>
      <Act shortcut={isIn ? 'I' : 'O'} onAct={() => onMarks({ ...marks, [which]: positionUs() })}>
        {name}
      </Act>
      <TimeField
        label={name}
        shown={atUs === null ? '' : clockMsText(atUs)}
        shownUs={positionUs}
        hint="--:--:--"
        onTime={(typedUs) => onMarks({ ...marks, [which]: typedUs })}
        testId={isIn ? 'mark-in' : 'mark-out'}
      />
    </>
  );
}
