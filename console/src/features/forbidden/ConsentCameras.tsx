// The cameras that a consent names: found by name, or picked on the map around the secret unit. None named: every one there.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import type { ForbiddenPlace } from '@/api/forbidden';
import '@/features/map/messages';
import '@/features/map/Map.css';
import { NameText } from '@/shared/names/Named';
import { Act } from '@/shared/ui/Act';
import { TextField } from '@/shared/ui/fields';
import { PanelState } from '@/shared/ui/PanelState';

const FormMap = lazy(() => import('@/features/map/FormMap'));
const FOUND_MOST = 8;

interface Props {
  zone: ForbiddenPlace | undefined;
  chosen: readonly string[];
  onChange: (cameras: string[]) => void;
}

export function ConsentCameras({ zone, chosen, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [mapped, setMapped] = useState(false);
  const query = useQuery({
    queryKey: ['cameras', 'consent', text],
    queryFn: ({ signal }) => cameras({ q: text, limit: FOUND_MOST + chosen.length }, signal),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const found = (query.data?.items ?? []).filter((one) => !chosen.includes(one.id)).slice(0, FOUND_MOST);
  const drop = (id: string): void => onChange(chosen.filter((one) => one !== id));
  const corner = zone?.outline?.[0];
  const [longitude, latitude] = [zone?.longitude ?? corner?.[0], zone?.latitude ?? corner?.[1]];
  return (
    <fieldset data-testid="consent-cameras">
      <legend>{t('forbidden.consent.cameras')}</legend>
      {chosen.length === 0 ? <p className="mj-muted">{t('forbidden.consent.all')}</p> : null}
      <ul className="mj-plain">
        {chosen.map((id) => (
          <li key={id} data-testid={`consent-camera-${id}`}>
            <NameText id={id} />{' '}
            <Act kind="quiet" onAct={() => drop(id)}>
              {t('map.pick.remove')}
            </Act>
          </li>
        ))}
      </ul>
      <TextField label={t('map.pick.search')} most={100} value={text} testId="consent-camera-search" onChange={setText} />
      {text.trim() ? (
        <PanelState query={query} what={t('forbidden.consent.cameras')}>
          {found.length === 0 ? <p className="mj-muted">{t('map.pick.none')}</p> : null}
          <ul className="mj-plain">
            {found.map((one) => (
              <li key={one.id}>
                <Act kind="link" label={t('map.pick.add', { name: one.name })} testId={`consent-add-${one.id}`} onAct={() => onChange([...chosen, one.id])}>
                  + {one.name}
                </Act>{' '}
                <span className="mj-muted">{one.address}</span>
              </li>
            ))}
          </ul>
        </PanelState>
      ) : null}
      <div>
        <Act pressed={mapped} testId="consent-camera-map" onAct={() => setMapped(!mapped)}>
          {t(mapped ? 'map.outline.fold' : 'map.pick.onMap')}
        </Act>
      </div>
      {mapped ? (
        <>
          <p className="mj-muted">{t('map.pick.how')}</p>
          <Suspense fallback={<div className="mj-form-map" aria-busy="true" />}>
            <FormMap
              key={zone?.id ?? ''}
              middle={longitude !== undefined && latitude !== undefined ? [longitude, latitude] : null}
              picked={chosen}
              onPick={(id) => (chosen.includes(id) ? drop(id) : onChange([...chosen, id]))}
            />
          </Suspense>
        </>
      ) : null}
    </fieldset>
  );
}
