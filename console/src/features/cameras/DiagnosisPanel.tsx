// Where a camera stands leg by leg, and trying it anew.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { diagnoseNow, diagnosis } from '@/api/cameras';
import { LegDiagnosis } from '@/shared/diagnosis/LegDiagnosis';
import { inLanguage } from '@/shared/i18n';
import { Act } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';

export function DiagnosisPanel({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['diagnosis', id],
    queryFn: ({ signal }) => diagnosis(id, signal),
    refetchInterval: 5_000,
  });
  const run = useMutation({ mutationFn: () => diagnoseNow(id) });
  const found = run.data ?? query.data;
  return (
    <PanelState query={query} what={t('cameras.diagnose')}>
      {found ? <LegDiagnosis legs={found.legs} summary={inLanguage(found.summary, found.summary_en)} /> : null}
      <Act testId="diagnose-now" onAct={() => run.mutate()}>
        {run.isPending ? t('cameras.running') : t('cameras.runAgain')}
      </Act>
      {run.isError ? <ErrorNote error={run.error} what={t('cameras.diagnose')} /> : null}
    </PanelState>
  );
}
