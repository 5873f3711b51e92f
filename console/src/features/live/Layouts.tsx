// Saved walls: open one of one's own or of the unit's, save this one, share it, remove one's own.
import { DeleteOutlined, SaveOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { layouts, removeLayout, saveLayout } from '@/api/layouts';
import type { Layout } from '@/api/layouts';
import { useMay } from '@/shared/session';
import { Act } from '@/shared/ui/Act';
import { Confirm } from '@/shared/ui/Confirm';
import { problemText } from '@/shared/ui/PanelState';
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
  const drop = useMutation({
    mutationFn: removeLayout,
    onSuccess: async () => {
      setDropping(null);
      setOpened('');
      await again();
    },
  });
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
    return (
      <SaveForm
        wall={wall}
        onEnd={(saved) => {
          setSaving(false);
          if (saved) void again().then(() => setOpened(saved.id));
        }}
      />
    );
  }
  return (
    <>
      <select className="mj-select" aria-label={t('live.toolbar.layout')} value={opened} onChange={(e) => open(e.target.value)} data-testid="layouts">
        <option value="">{t('live.toolbar.layout')}</option>
        <Group label={t('live.toolbar.mine')} layouts={found.filter((layout) => layout.mine)} />
        <Group label={t('live.toolbar.shared')} layouts={found.filter((layout) => !layout.mine)} />
      </select>
      <Act kind="quiet" icon={<SaveOutlined />} label={t('live.toolbar.save')} onAct={() => setSaving(true)} testId="layout-save" />
      {own ? <Act kind="quiet" icon={<DeleteOutlined />} label={t('live.toolbar.drop', { name: own.name })} onAct={() => setDropping(own)} testId="layout-drop" /> : null}
      {dropping ? (
        <Confirm
          title={t('live.toolbar.drop', { name: dropping.name })}
          consequences={[t(dropping.shared ? 'live.toolbar.dropShared' : 'live.toolbar.dropOwn')]}
          verb={t('live.toolbar.dropVerb')}
          danger
          running={drop.isPending}
          error={drop.error}
          onAct={() => drop.mutate(dropping.id)}
          onClose={() => setDropping(null)}
          testId="layout-drop-ask"
        />
      ) : null}
    </>
  );
}

function Group({ label, layouts: shown }: { label: string; layouts: Layout[] }) {
  const { t } = useTranslation();
  if (shown.length === 0) return null;
  return (
    <optgroup label={label}>
      {shown.map((layout) => (
        <option key={layout.id} value={layout.id}>
          {layout.name}
          {layout.mine ? (layout.shared ? ` · ${t('live.toolbar.sharedMark')}` : '') : ` · ${layout.owner_name}`}
        </option>
      ))}
    </optgroup>
  );
}

function SaveForm({ wall, onEnd }: { wall: Wall; onEnd: (saved: Layout | null) => void }) {
  const { t, i18n } = useTranslation();
  const mayShare = useMay('layout.share');
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const save = useMutation({ mutationFn: saveLayout, onSuccess: (saved) => onEnd(saved) });
  return (
    <form
      className="mj-wall-save"
      onSubmit={(event) => {
        event.preventDefault();
        const cells = Object.fromEntries([...wall.cells].map(([cell, channel]) => [String(cell), channel]));
        save.mutate({ name, shared, content: { grid: wall.grid, cells, alarm_cells: [...wall.alarms] } });
      }}
    >
      <input
        className="mj-tree-search"
        autoFocus
        required
        maxLength={60}
        value={name}
        placeholder={t('live.toolbar.saveAs')}
        aria-label={t('live.toolbar.saveAs')}
        data-testid="layout-name"
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && onEnd(null)}
      />
      {mayShare ? (
        <label className="mj-wall-said">
          <input type="checkbox" checked={shared} data-testid="layout-share" onChange={(event) => setShared(event.target.checked)} /> {t('live.toolbar.share')}
        </label>
      ) : null}
      <Act kind="primary" submit testId="layout-keep">
        {t('live.toolbar.save')}
      </Act>
      <Act kind="quiet" onAct={() => onEnd(null)}>
        {t('oversee.leave')}
      </Act>
      {save.isError ? <span role="alert">{problemText(save.error, i18n.language).text}</span> : null}
    </form>
  );
}
