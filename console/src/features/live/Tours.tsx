// Tours: the cameras of this wall or a saved round, page after page; keep one under a name, share it, remove one's own.
import { DeleteOutlined, PlayCircleOutlined, SaveOutlined, StopOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { removeTour, saveTour, tours } from '@/api/layouts';
import type { SavedTour } from '@/api/layouts';
import { Act } from '@/shared/ui/Act';
import { DropAsk, SaveForm, SavedOptions } from './Saved';
import { DWELL_S } from './useTour';
import type { Tour } from './useTour';
import { GRIDS } from './wall';
import type { GridId } from './wall';

interface Props {
  grid: GridId;
  /** The cameras of this wall, those that did not fit into its cells among them. */
  round: string[];
  tour: Tour;
}

const DWELLS_S = [5, 10, 15, 30, 60, 120, 300];

export function Tours({ grid, round, tour }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['tours'], queryFn: tours, staleTime: 60_000 });
  const [dwellS, setDwellS] = useState(DWELL_S);
  const [chosen, setChosen] = useState('');
  const [saving, setSaving] = useState(false);
  const [dropping, setDropping] = useState<SavedTour | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ['tours'] });
  const found = query.data ?? [];
  const saved = found.find((one) => one.id === chosen);
  const nothing = (saved?.content.channels ?? round).length === 0;
  const start = (): void => {
    if (!saved) tour.start(round, dwellS, grid);
    else tour.start(saved.content.channels, saved.content.dwell_s, GRIDS.find((one) => one === saved.content.grid) ?? grid);
  };
  if (saving) {
    return (
      <SaveForm
        label={t('live.tours.name')}
        save={(name, shared) => saveTour({ name, shared, content: { grid, channels: round, dwell_s: dwellS } })}
        onEnd={(kept) => {
          setSaving(false);
          if (kept) void again().then(() => setChosen(kept.id));
        }}
        testId="tour"
      />
    );
  }
  if (tour.channels.length > 0) {
    return (
      <>
        <Act kind="quiet" icon={<StopOutlined />} onAct={tour.stop} testId="tour-stop">
          {t('live.toolbar.tourStop')}
        </Act>
        <span className="mj-wall-said" data-testid="tour">
          {tour.held ? t('live.toolbar.tourHold') : t('live.toolbar.tourPage', { at: tour.page + 1, of: tour.pages, seconds: tour.left })}
        </span>
      </>
    );
  }
  return (
    <>
      <select className="mj-select" aria-label={t('live.toolbar.tour')} value={saved ? chosen : ''} data-testid="tours" onChange={(event) => setChosen(event.target.value)}>
        <option value="">{t('live.tours.ofWall')}</option>
        <SavedOptions saved={found} />
      </select>
      {saved ? (
        <span className="mj-wall-said">{t('live.tours.of', { count: saved.content.channels.length, seconds: saved.content.dwell_s })}</span>
      ) : (
        <select className="mj-select" aria-label={t('live.tours.dwell')} value={dwellS} data-testid="tour-dwell" onChange={(event) => setDwellS(Number(event.target.value))}>
          {DWELLS_S.map((seconds) => (
            <option key={seconds} value={seconds}>
              {t('live.toolbar.dwell', { seconds })}
            </option>
          ))}
        </select>
      )}
      <Act
        kind="quiet"
        icon={<PlayCircleOutlined />}
        refusal={nothing ? { reason: t(saved ? 'live.tours.unseen' : 'live.toolbar.needsCameras') } : null}
        onAct={start}
        testId="tour-start"
      >
        {t('live.toolbar.tourStart')}
      </Act>
      {saved ? null : (
        <Act
          kind="quiet"
          icon={<SaveOutlined />}
          label={t('live.tours.save')}
          refusal={nothing ? { reason: t('live.toolbar.needsCameras') } : null}
          onAct={() => setSaving(true)}
          testId="tour-save"
        />
      )}
      {saved?.mine ? <Act kind="quiet" icon={<DeleteOutlined />} label={t('live.tours.drop', { name: saved.name })} onAct={() => setDropping(saved)} testId="tour-drop" /> : null}
      {dropping ? (
        <DropAsk
          title={t('live.tours.drop', { name: dropping.name })}
          consequence={t(dropping.shared ? 'live.tours.dropShared' : 'live.tours.dropOwn')}
          verb={t('live.tours.dropVerb')}
          drop={() => removeTour(dropping.id)}
          onDropped={async () => {
            setDropping(null);
            setChosen('');
            await again();
          }}
          onClose={() => setDropping(null)}
          testId="tour-drop-ask"
        />
      ) : null}
    </>
  );
}
