// The bar above the pictures: the moment, jumping to another, playing, stepping, speed, export.
import { StepBackwardOutlined, StepForwardOutlined } from '@ant-design/icons';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { comma } from '@/shared/i18n';
import { RATES } from '@/shared/playback/master-clock';
import type { GroupState, PlaybackGroup } from '@/shared/playback/playback-group';
import { useMay } from '@/shared/session';
import type { Micros } from '@/shared/time/axis';
import { DAY_US, SECOND_US, nowUs, preciseText } from '@/shared/time/beijing';
import { Act, useRefusal } from '@/shared/ui/Act';
import { TimeField } from './TimeField';

interface Props {
  group: PlaybackGroup;
  state: GroupState;
  /** The camera whose pictures are stepped through. */
  front: string | null;
  nameOf: (channel: string) => string;
  goTo: (atUs: Micros) => void;
  jumpField: Ref<HTMLInputElement>;
  bad: readonly string[];
  onExport: () => void;
}

const BACKWARDS = RATES.filter((rate) => rate >= 1).map((rate) => -rate);
const ALL_RATES = [...BACKWARDS.reverse(), ...RATES];

export function PlaybackBar({ group, state, front, nameOf, goTo, jumpField, bad, onExport }: Props) {
  const { t } = useTranslation();
  const refusal = useRefusal();
  const mayExport = useMay('video.export');
  return (
    <div className="mj-play-bar">
      <Act onAct={() => goTo(group.positionUs() - DAY_US)}>{t('playback.previousDay')}</Act>
      <strong data-testid="playback-clock">{preciseText(state.positionUs)}</strong>
      <Act onAct={() => goTo(Math.min(nowUs() - SECOND_US, group.positionUs() + DAY_US))}>{t('playback.nextDay')}</Act>
      <span>{t('playback.jump')}</span>
      <TimeField
        ref={jumpField}
        label={t('playback.jump')}
        shown=""
        hint={t('playback.jumpHint')}
        shownUs={() => group.positionUs()}
        onTime={goTo}
        testId="playback-jump"
      />
      <Act kind="primary" shortcut="Space" testId="playback-toggle" onAct={() => group.toggle()}>
        {t(state.mode === 'playing' ? 'playback.pause' : 'playback.play')}
      </Act>
      <Act icon={<StepBackwardOutlined />} shortcut="," label={t('playback.stepBack')} onAct={() => group.step(-1, front)} />
      <Act icon={<StepForwardOutlined />} shortcut="." label={t('playback.stepForward')} onAct={() => group.step(1, front)} />
      <label>
        {t('playback.rate')}{' '}
        <select
          data-testid="playback-rate"
          value={String(state.rate)}
          onChange={(event) => group.setRate(Number(event.target.value))}
        >
          {ALL_RATES.map((rate) => (
            <option key={rate} value={String(rate)}>{`${rate}×`}</option>
          ))}
        </select>
      </label>
      <span className="mj-play-bar-end">
        {state.held ? <span role="status">{t('playback.waiting', { names: state.waitingFor.map(nameOf).join(comma()) })}</span> : null}
        <Act shortcut="E" testId="playback-export" refusal={refusal(mayExport, t('playback.export'))} onAct={onExport}>
          {t('playback.export')}
        </Act>
      </span>
      {bad.length > 0 ? <span role="status">{t('playback.badAddress', { keys: bad.join(comma()) })}</span> : null}
    </div>
  );
}
