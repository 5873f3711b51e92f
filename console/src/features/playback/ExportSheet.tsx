// The export sheet: range and cameras with every gap before the button, the basis, the form, and a button that says what
// will happen. The timeline beside it stays usable, so that the range can still be dragged.
import type { TFunction } from 'i18next';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { estimateExport, orderExport, type ExportEstimate } from '@/api/recordings';
import { rangeText, spanText } from '@/shared/time/beijing';
import { bytesText } from '@/shared/time/numbers';
import type { Marks } from '@/shared/timeline/layout';
import { REASON_LOOKS, knownReason } from '@/shared/timeline/span';
import { Act, type Refusal } from '@/shared/ui/Act';
import { ErrorNote, PanelState } from '@/shared/ui/PanelState';
import { SideDrawer } from '@/shared/ui/SideDrawer';
import { ExportResult } from './ExportResult';

interface Props {
  open: boolean;
  channels: readonly string[];
  marks: Marks;
  nameOf: (channel: string) => string;
  onClose: () => void;
}

export function ExportSheet({ open, channels, marks, nameOf, onClose }: Props) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const [audio, setAudio] = useState(true);
  const { inUs, outUs } = marks;
  const ranged = inUs !== null && outUs !== null && outUs > inUs && channels.length > 0;
  const wish = { channels: [...channels], from_us: inUs ?? 0, until_us: outUs ?? 0, audio };
  const estimate = useQuery({
    queryKey: ['exports', 'estimate', wish],
    queryFn: () => estimateExport(wish),
    enabled: open && ranged,
  });
  const order = useMutation({ mutationFn: () => orderExport({ ...wish, reason: reason.trim() }) });
  const found = estimate.data;
  const kept = found?.channels.filter((channel) => channel.kept_us > 0) ?? [];
  const refused = refusalOf(t, ranged, reason, found, kept.length);
  const missingUs = found?.channels.reduce((sum, channel) => sum + channel.missing_us, 0) ?? 0;
  const missing =
    missingUs > 0 ? t('playback.sheet.missing', { length: spanText(missingUs) }) : t('playback.sheet.nothing');

  return (
    <SideDrawer open={open} onClose={onClose} title={t('playback.sheet.title')} size={480} mask={false}>
      <div data-testid="export-sheet">
        <h3>{t('playback.sheet.range')}</h3>
        {ranged ? <p>{rangeText(inUs, outUs)}</p> : <p>{t('playback.sheet.noRange')}</p>}
        {ranged ? (
          <PanelState query={estimate} what={t('playback.export')}>
            <ul data-testid="export-gaps">
              {found?.channels.map((channel) => (
                <li key={channel.channel}>
                  {nameOf(channel.channel)} · {t('playback.sheet.kept', { kept: spanText(channel.kept_us) })} ·{' '}
                  {channel.gaps.length === 0 && channel.missing_us === 0
                    ? t('playback.sheet.whole')
                    : t('playback.sheet.missing', { length: spanText(channel.missing_us) })}
                  <ul>
                    {channel.gaps.map((gap) => (
                      <li key={gap.from_us}>
                        {REASON_LOOKS[knownReason(gap.reason)].letter} {t(`states.gap.${knownReason(gap.reason)}`)} ·{' '}
                        {rangeText(gap.from_us, gap.until_us)}
                      </li>
                    ))}
                  </ul>
                </li>
              ))}
            </ul>
          </PanelState>
        ) : null}
        <h3>{t('playback.sheet.reason')}</h3>
        <Input
          value={reason}
          maxLength={200}
          placeholder={t('playback.sheet.reasonHint')}
          aria-label={t('playback.sheet.reason')}
          data-testid="export-reason"
          onChange={(event) => setReason(event.target.value)}
        />
        <h3>{t('playback.sheet.form')}</h3>
        <label>
          <input type="checkbox" checked={audio} onChange={(event) => setAudio(event.target.checked)} />{' '}
          {t('playback.sheet.audio')}
        </label>
        {found ? <p>{t('playback.sheet.estimate', { size: bytesText(found.bytes) })}</p> : null}
        <Act kind="primary" testId="export-submit" refusal={refused} onAct={() => order.mutate()}>
          {order.isPending
            ? t('playback.sheet.submitting')
            : t('playback.sheet.button', { count: kept.length, length: spanText(ranged ? outUs - inUs : 0), missing })}
        </Act>
        {order.isError ? <ErrorNote error={order.error} what={t('playback.export')} /> : null}
        {order.data ? <ExportResult ordered={order.data} nameOf={nameOf} /> : null}
      </div>
    </SideDrawer>
  );
}

function refusalOf(
  t: TFunction,
  ranged: boolean,
  reason: string,
  found: ExportEstimate | undefined,
  kept: number,
): Refusal | null {
  if (!ranged) return { reason: t('playback.sheet.noRange') };
  if (found && kept === 0) return { reason: t('playback.sheet.nothingKept') };
  if (reason.trim() === '') return { reason: t('playback.sheet.noReason') };
  return null;
}
