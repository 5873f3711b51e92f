// Which cameras play in step: those chosen on top, the rest found by name; at most nine.
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { cameras } from '@/api/cameras';
import { PanelState } from '@/shared/ui/PanelState';
import { MOST_CHANNELS } from './playbackAddress';

interface Props {
  chosen: readonly string[];
  onChange: (channels: string[]) => void;
}

export function useCameraNames() {
  return useQuery({ queryKey: ['cameras', 'names'], queryFn: ({ signal }) => cameras({ limit: 200 }, signal) });
}

export function CameraPicker({ chosen, onChange }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const query = useQuery({
    queryKey: ['cameras', 'pick', text],
    queryFn: ({ signal }) => cameras({ ...(text ? { q: text } : {}), limit: 100 }, signal),
    placeholderData: (before) => before,
  });
  const items = [...(query.data?.items ?? [])].sort(
    (a, b) => Number(chosen.includes(b.id)) - Number(chosen.includes(a.id)),
  );
  const toggle = (id: string) => {
    if (chosen.includes(id)) onChange(chosen.filter((one) => one !== id));
    else if (chosen.length < MOST_CHANNELS) onChange([...chosen, id]);
  };
  return (
    <aside className="mj-play-picker" aria-label={t('playback.cameras')}>
      <h2>{t('playback.chosen', { count: chosen.length, most: MOST_CHANNELS })}</h2>
      <Input
        size="small"
        allowClear
        value={text}
        placeholder={t('playback.findCamera')}
        aria-label={t('playback.findCamera')}
        onChange={(event) => setText(event.target.value)}
        data-testid="playback-find"
      />
      <PanelState query={query} what={t('playback.cameras')}>
        <ul>
          {items.map((camera) => (
            <li key={camera.id}>
              <label>
                <input
                  type="checkbox"
                  checked={chosen.includes(camera.id)}
                  onChange={() => toggle(camera.id)}
                  data-testid={`pick-${camera.id}`}
                />
                <span>{camera.name}</span>
              </label>
            </li>
          ))}
        </ul>
      </PanelState>
    </aside>
  );
}
