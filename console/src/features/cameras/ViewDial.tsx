// Where a camera stands and looks: coordinates with their datum, height, and its field of view as a wedge, north up.
import { useTranslation } from 'react-i18next';
import type { Dossier } from '@/api/dossiers';
import { RuleBasis } from '@/shared/law/Citation';

const SIZE = 160;
const REACH = 64;

export function ViewDial({ dossier }: { dossier: Dossier }) {
  const { t } = useTranslation();
  const { longitude, latitude, azimuth, view_angle: angle, view_m: reach, height_m: height, moved } = dossier;
  return (
    <section className="mj-card" data-testid="view-dial">
      <h2>
        {t('cameras.dossier.view')} <RuleBasis rule="FIX-01" />
      </h2>
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} className="mj-dial" role="img" aria-label={azimuth === null ? t('cameras.dossier.noAzimuth') : t('cameras.dossier.looks', { azimuth, angle: angle ?? '–' })}>
        <circle cx={SIZE / 2} cy={SIZE / 2} r={REACH} />
        <text x={SIZE / 2} y={12} textAnchor="middle">
          N
        </text>
        {azimuth === null ? null : <path d={wedge(azimuth, angle ?? 10)} />}
      </svg>
      <p>
        {longitude === null || latitude === null ? t('cameras.dossier.noPoint') : `${latitude.toFixed(6)}, ${longitude.toFixed(6)} (WGS-84)`}
      </p>
      <p className="mj-muted">{azimuth === null ? t('cameras.dossier.noAzimuth') : t('cameras.dossier.looks', { azimuth, angle: angle ?? '–' })}</p>
      <p className="mj-muted">{t('cameras.dossier.reach', { reach: reach ?? '–', height: height ?? '–' })}</p>
      {moved ? <p>{t('cameras.dossier.movedOn', { day: moved })}</p> : null}
    </section>
  );
}

/** A sector around `azimuth`, degrees clockwise from north. */
function wedge(azimuth: number, angle: number): string {
  const middle = SIZE / 2;
  const at = (degrees: number): string => {
    const turn = ((degrees - 90) * Math.PI) / 180;
    return `${(middle + REACH * Math.cos(turn)).toFixed(1)} ${(middle + REACH * Math.sin(turn)).toFixed(1)}`;
  };
  const wide = Math.min(angle, 359);
  return `M ${middle} ${middle} L ${at(azimuth - wide / 2)} A ${REACH} ${REACH} 0 ${wide > 180 ? 1 : 0} 1 ${at(azimuth + wide / 2)} Z`;
}
