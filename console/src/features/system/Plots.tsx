// Metrics over the last hour as curves, drawn once without animation; a table says the same. This chunk holds the charts.
import { useQuery } from '@tanstack/react-query';
import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { series } from '@/api/system';
import { useAppearance } from '@/shared/theme/appearance';
import { HOUR_US, minuteText, nowUs } from '@/shared/time/beijing';
import { bytesText, rateText } from '@/shared/time/numbers';
import { Act } from '@/shared/ui/Act';
import { PanelState } from '@/shared/ui/PanelState';
import './messages';

register([LineChart, GridComponent, CanvasRenderer]);

const METRICS = ['received_bps', 'recording', 'viewers', 'reconnects', 'disk_free_bytes', 'resident_bytes'] as const;
type Metric = (typeof METRICS)[number];

function valueText(metric: Metric, value: number): string {
  if (metric === 'received_bps') return rateText(value);
  if (metric === 'disk_free_bytes' || metric === 'resident_bytes') return bytesText(value);
  return String(Math.round(value * 10) / 10);
}

export default function Plots() {
  const { t } = useTranslation();
  const [tabled, setTabled] = useState(false);
  return (
    <section className="mj-card" data-testid="plots">
      <div className="mj-card-head">
        <h2>{t('system.plots')}</h2>
        <Act pressed={tabled} testId="plots-twin" onAct={() => setTabled((on) => !on)}>
          {t('system.plotTable')}
        </Act>
      </div>
      <div className="mj-plots">
        {METRICS.map((metric) => (
          <Plot key={metric} metric={metric} tabled={tabled} />
        ))}
      </div>
    </section>
  );
}

function Plot({ metric, tabled }: { metric: Metric; tabled: boolean }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ['series', metric],
    queryFn: ({ signal }) => series(metric, nowUs() - HOUR_US, nowUs(), signal),
    refetchInterval: 15_000,
  });
  const points = query.data?.points ?? [];
  const name = t(`system.metric.${metric}`);
  const values = points.map(([, value]) => value);
  const last = values.at(-1);
  return (
    <figure className="mj-plot-seat" aria-label={name}>
      <figcaption className="mj-muted">
        {name} {last === undefined ? '' : valueText(metric, last)}
      </figcaption>
      <PanelState
        query={query}
        what={name}
        empty={query.isSuccess && points.length === 0 ? <p className="mj-muted">{t('system.noPoints')}</p> : undefined}
      >
        {tabled ? (
          <dl className="mj-facts">
            <dt>{t('system.least')}</dt>
            <dd>{valueText(metric, Math.min(...values))}</dd>
            <dt>{t('system.most')}</dt>
            <dd>{valueText(metric, Math.max(...values))}</dd>
            <dt>{t('system.lastValue')}</dt>
            <dd>{last === undefined ? '–' : valueText(metric, last)}</dd>
          </dl>
        ) : (
          <Curve metric={metric} points={points} />
        )}
      </PanelState>
    </figure>
  );
}

function Curve({ metric, points }: { metric: Metric; points: [number, number][] }) {
  const seat = useRef<HTMLDivElement>(null);
  const { theme } = useAppearance();
  useEffect(() => {
    if (!seat.current) return undefined;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const chart = init(seat.current);
    const axis = { axisLabel: { color: colour('--mj-text2'), fontSize: 12 }, splitLine: { lineStyle: { color: colour('--mj-hairline') } } };
    chart.setOption({
      animation: false,
      grid: { left: 72, right: 8, top: 8, bottom: 24 },
      xAxis: {
        type: 'time',
        ...axis,
        splitNumber: 3,
        axisLabel: { ...axis.axisLabel, hideOverlap: true, formatter: (ms: number) => minuteText(ms * 1000) },
        splitLine: { show: false },
      },
      yAxis: {
        type: 'value',
        ...axis,
        splitNumber: 3,
        scale: metric === 'disk_free_bytes',
        axisLabel: { ...axis.axisLabel, formatter: (value: number) => valueText(metric, value) },
      },
      series: [
        {
          type: 'line',
          showSymbol: false,
          lineStyle: { width: 1.5, color: colour('--mj-primary') },
          data: points.map(([at, value]) => [at / 1000, value]),
        },
      ],
    });
    const watcher = new ResizeObserver(() => chart.resize());
    watcher.observe(seat.current);
    return () => {
      watcher.disconnect();
      chart.dispose();
    };
  }, [metric, points, theme]);
  return <div ref={seat} className="mj-plot" aria-hidden="true" />;
}
