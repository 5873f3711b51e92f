// The cameras of an area that was drawn on the map, and what can be done with them: see them, play them back, list them, take
// them out as a table. Those ticked go to the wall and to playback; list and table have all of the area.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import { cameraTableAddress } from '@/api/registry';
import { cameraStatus } from '@/shared/cameraStatus';
import { useMay } from '@/shared/session';
import { countText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import { Empty } from '@/shared/ui/Sheet';
import { StatusShape } from '@/shared/ui/StatusShape';
import './messages';

const LISTED = 200;
const WALL = 16;
const IN_STEP = 9;

interface Props {
  /** As it stands in the address. */
  area: string;
  onChoose: (id: string) => void;
  onClose: () => void;
}

export default function ChosenArea({ area, onChoose, onClose }: Props) {
  const { t } = useTranslation();
  const mayLive = useMay('video.live');
  const mayPlayback = useMay('video.playback');
  const query = useQuery({ queryKey: ['cameras', 'area', area], queryFn: ({ signal }) => cameras({ area, limit: LISTED }, signal) });
  const items = query.data?.items ?? [];
  const total = query.data?.total ?? 0;
  const [picked, setPicked] = useState<readonly string[] | null>(null);
  const ticked = picked ?? items.slice(0, WALL).map((one) => one.id);
  const toggle = (id: string): void => setPicked(ticked.includes(id) ? ticked.filter((one) => one !== id) : [...ticked, id]);
  const wall = ticked.slice(0, WALL);
  const grid = ['1', '4', '9', '16'].find((one) => Number(one) >= wall.length) ?? '16';
  return (
    <aside className="mj-map-selection" data-testid="map-area" aria-label={t('map.area.title')}>
      <div className="mj-map-close">
        <Act kind="quiet" shortcut="Esc" testId="map-area-clear" onAct={onClose}>
          {t('map.area.clear')}
        </Act>
      </div>
      <h2>{t('map.area.title')}</h2>
      <PanelState query={query} what={t('map.area.title')} empty={query.isSuccess && total === 0 ? <Empty>{t('map.area.none')}</Empty> : undefined}>
        <p role="status">
          <strong data-testid="map-area-count">{t('map.area.count', { count: total, text: countText(total) })}</strong>
        </p>
        <ul className="mj-plain mj-map-ways">
          {mayLive && wall.length > 0 ? (
            <li>
              <Link to="/live" search={{ g: grid, c: wall.map((id, index) => `${index + 1}:${id}`).join(',') }} data-testid="map-area-wall">
                {t('map.area.wall', { count: wall.length })}
              </Link>
            </li>
          ) : null}
          {mayPlayback && ticked.length > 0 ? (
            <li>
              <Link to="/playback" search={{ c: ticked.slice(0, IN_STEP).join(',') }} data-testid="map-area-playback">
                {t('map.area.playback', { count: Math.min(ticked.length, IN_STEP) })}
              </Link>
            </li>
          ) : null}
          <li>
            <Link to="/cameras" search={{ area }} data-testid="map-area-list">
              {t('map.area.list', { count: total, text: countText(total) })}
            </Link>
          </li>
          <li>
            <a href={cameraTableAddress('xlsx', { area })} data-testid="map-area-export">
              {t('map.area.export', { count: total, text: countText(total) })}
            </a>
          </li>
        </ul>
        <p className="mj-muted">{total > items.length ? t('map.area.listed', { shown: items.length }) : t('map.area.tick')}</p>
        <ul className="mj-plain">
          {items.map((one) => (
            <li key={one.id} className="mj-map-ticked">
              <input type="checkbox" checked={ticked.includes(one.id)} aria-label={one.name} data-testid={`area-tick-${one.id}`} onChange={() => toggle(one.id)} />
              <StatusShape status={cameraStatus(one)} word="hidden" />
              <Act kind="link" onAct={() => onChoose(one.id)}>
                {one.name}
              </Act>
            </li>
          ))}
        </ul>
      </PanelState>
    </aside>
  );
}
