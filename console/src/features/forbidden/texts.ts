// How a prohibited place is put into words: its days, its area.
import { useTranslation } from 'react-i18next';
import type { ForbiddenPlace } from '@/api/forbidden';
import './messages';

export function useDatesText(): (place: Pick<ForbiddenPlace, 'since' | 'until'>) => string {
  const { t } = useTranslation();
  return ({ since, until }) =>
    [since ? t('forbidden.from', { day: since }) : null, until ? t('forbidden.until', { day: until }) : null].filter(Boolean).join(' ') ||
    t('forbidden.always');
}

export function useAreaText(): (place: Pick<ForbiddenPlace, 'outline' | 'radius_m'>) => string {
  const { t } = useTranslation();
  return ({ outline, radius_m }) =>
    outline ? t('forbidden.edge', { count: outline.length }) : t('forbidden.circle', { metres: radius_m ?? 0 });
}
