// The frame of a register-like page: title, a sentence, acts; body with or without a panel beside it.
import type { ReactNode } from 'react';
import './Sheet.css';

interface Props {
  title: string;
  /** One short line under or beside the title. */
  lead?: ReactNode;
  acts?: ReactNode;
  /** Stands between head and body: filters, a strip of figures. */
  bar?: ReactNode;
  beside?: ReactNode;
  testId: string;
  children: ReactNode;
}

export function Sheet({ title, lead, acts, bar, beside, testId, children }: Props) {
  return (
    <div className="mj-register" data-testid={testId}>
      <header className="mj-register-head">
        <h1>{title}</h1>
        {lead ? <p>{lead}</p> : null}
        {acts ? <div className="mj-register-acts">{acts}</div> : null}
      </header>
      {bar}
      <div className="mj-register-body" data-beside={Boolean(beside)}>
        <div>{children}</div>
        {beside ?? null}
      </div>
    </div>
  );
}

/** A line where data has come and there is none. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="mj-empty">{children}</p>;
}
