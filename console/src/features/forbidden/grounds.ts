// Why something is suspected, in words.
import { useTranslation } from 'react-i18next';
import type { Suspicion } from '@/api/forbidden';
import { bracketed } from '@/shared/i18n';
import { useWords } from '@/shared/law/useWords';
import './messages';

export function useGroundText(): (one: Suspicion) => string {
  const { t } = useTranslation();
  const { word } = useWords();
  return (one) => {
    const what = one.ground === 'place' ? word('subcategory', one.what) : one.what;
    const told = t(`forbidden.decisions.ground.${one.ground}`, { what });
    const zone = one.ground === 'name' || one.ground === 'place' ? '' : ` ${one.name || t('forbidden.decisions.elsewhere')}`;
    return bracketed(`${told}${zone}`, word('forbidden_kind', one.kind));
  };
}
