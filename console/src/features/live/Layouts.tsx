// Saved walls: open one of one's own or of the unit's, save this one, share it, remove one's own.
import { DeleteOutlined, SaveOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layouts, removeLayout, saveLayout } from '@/api/layouts';
import type { Layout } from '@/api/layouts';
import { Act } from '@/shared/ui/Act';
import { DropAsk, SaveForm, SavedOptions } from './Saved';
import { GRIDS } from './wall';
import type { Wall } from './wall';

interface Props {
  wall: Wall;
  onWall: (wall: Wall) => void;
}

export function Layouts({ wall, onWall }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ['layouts'], queryFn: layouts, staleTime: 60_000 });
  const [saving, setSaving] = useState(false);
  const [opened, setOpened] = useState('');
  const [dropping, setDropping] = useState<Layout | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ['layouts'] });
  const found = query.data ?? [];
  const own = found.find((layout) => layout.id === opened && layout.mine);
  const open = (id: string): void => {
    setOpened(id);
    const layout = found.find((l) => l.id === id);
    if (!layout) return;
    const cells = new Map(Object.entries(layout.content.cells).map(([cell, channel]): [number, string] => [Number(cell), channel]));
    const grid = GRIDS.find((g) => g === layout.content.grid) ?? wall.grid;
    onWall({ grid, cells, alarms: new Set(layout.content.alarm_cells), selected: 1 });
  };
  if (saving) {
    const cells = Object.fromEntries([...wall.cells].map(([cell, channel]) => [String(cell), channel]));
    return (
      <SaveForm
        label={t('live.toolbar.saveAs')}
        save={(name, shared) => saveLayout({ name, shared, content: { grid: wall.grid, cells, alarm_cells: [...wall.alarms] } })}
        onEnd={(saved) => {
          setSaving(false);
          if (saved) void again().then(() => setOpened(saved.id));
        }}
        testId="layout"
      />
    );
  }
  return (
    <>
      <select className="mj-select" aria-label={t('live.toolbar.layout')} value={opened} onChange={(e) => open(e.target.value)} data-testid="layouts">
        <option value="">{t('live.toolbar.layout')}</option>
        <SavedOptions saved={found} />
      </select>
      <Act kind="quiet" icon={<SaveOutlined />} label={t('live.toolbar.saveLayout')} onAct={() => setSaving(true)} testId="layout-save" />
      {own ? <Act kind="quiet" icon={<DeleteOutlined />} label={t('live.toolbar.drop', { name: own.name })} onAct={() => setDropping(own)} testId="layout-drop" /> : null}
      {dropping ? (
        <DropAsk
          title={t('live.toolbar.drop', { name: dropping.name })}
          consequence={t(dropping.shared ? 'live.toolbar.dropShared' : 'live.toolbar.dropOwn')}
          verb={t('live.toolbar.dropVerb')}
          drop={() => removeLayout(dropping.id)}
          onDropped={async () => {
            setDropping(null);
            setOpened('');
            await again();
          }}
          onClose={() => setDropping(null)}
          testId="layout-drop-ask"
        />
      ) : null}
    </>
  );
}
