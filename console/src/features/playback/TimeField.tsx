// A moment that is typed: `8:15`, `昨天 18:00`, `-2h`. Enter takes it, Escape leaves it; what is not a time is said so.
import { useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { parseTyped, type Micros } from '@/shared/time/axis';
import { nowUs } from '@/shared/time/beijing';

interface Props {
  label: string;
  /** What stands there while nobody types. */
  shown: string;
  /** The day of a bare clock time. */
  shownUs: () => Micros;
  onTime: (atUs: Micros) => void;
  hint: string;
  ref?: Ref<HTMLInputElement>;
  testId: string;
}

export function TimeField({ label, shown, shownUs, onTime, hint, ref, testId }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const [bad, setBad] = useState(false);
  const leave = () => {
    setTyped(null);
    setBad(false);
  };
  const take = (field: HTMLInputElement) => {
    if (typed === null || typed.trim() === '') return;
    const atUs = parseTyped(typed, nowUs(), shownUs());
    setBad(atUs === null);
    if (atUs === null) return;
    leave();
    onTime(atUs);
    field.blur();
  };
  return (
    <span className="mj-play-time-field">
      <input
        ref={ref}
        className="mj-play-jump"
        value={typed ?? shown}
        placeholder={hint}
        aria-label={label}
        aria-invalid={bad}
        data-testid={testId}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => {
          if (!bad) leave();
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === 'Enter') take(event.currentTarget);
          if (event.key !== 'Escape') return;
          leave();
          event.currentTarget.blur();
        }}
      />
      {bad ? <span role="alert">{t('playback.jumpBad', { text: typed ?? '' })}</span> : null}
    </span>
  );
}
