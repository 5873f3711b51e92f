// Who is there? Nobody: the sign-in page, a light chunk without antd. Somebody: the console.
import { Suspense, lazy, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { whenProofIsWanted, whenSignedOut } from '@/api/http';
import { Problem } from '@/api/problem';
import { currentSession } from '@/api/session';
import type { Session } from '@/api/types';

const SignInPage = lazy(() => import('@/features/signin/SignInPage'));
const StepUp = lazy(() => import('./StepUp'));
const Console = lazy(() => import('./Console'));

type Presence =
  | { kind: 'asking'; tries: number }
  | { kind: 'nobody'; ended: boolean }
  | { kind: 'somebody'; session: Session };

/** What a refused call waits for: whether the person has proven again who they are. */
interface Proof {
  wanted: Problem;
  answer: (proven: boolean) => void;
}

const RETRY_MS = 2000;

export function Entry() {
  const { t } = useTranslation();
  const [presence, setPresence] = useState<Presence>({ kind: 'asking', tries: 0 });

  useEffect(() => {
    whenSignedOut(() =>
      setPresence((before) => (before.kind === 'somebody' ? { kind: 'nobody', ended: true } : before)),
    );
  }, []);

  const [proof, setProof] = useState<Proof | null>(null);
  useEffect(
    () => whenProofIsWanted((wanted) => new Promise((answer) => setProof({ wanted, answer }))),
    [],
  );

  const tries = presence.kind === 'asking' ? presence.tries : null;
  useEffect(() => {
    if (tries === null) return undefined;
    let ended = false;
    const ask = async (): Promise<void> => {
      try {
        const session = await currentSession();
        if (!ended) setPresence({ kind: 'somebody', session });
      } catch (error) {
        if (ended) return;
        const unknown = error instanceof Problem && error.status === 401;
        setPresence(unknown ? { kind: 'nobody', ended: false } : { kind: 'asking', tries: tries + 1 });
      }
    };
    const timer = window.setTimeout(() => void ask(), tries === 0 ? 0 : RETRY_MS);
    return () => {
      ended = true;
      window.clearTimeout(timer);
    };
  }, [tries]);

  const enter = useCallback((session: Session) => setPresence({ kind: 'somebody', session }), []);
  const leave = useCallback(() => setPresence({ kind: 'nobody', ended: false }), []);

  const waiting = <p className="mj-wait" role="status">{t('frame.loadingProgram')}</p>;
  if (presence.kind === 'asking') {
    return presence.tries === 0 ? waiting : (
      <p className="mj-wait" role="status">
        {t('frame.noAnswer', { count: presence.tries })}
      </p>
    );
  }
  return (
    <Suspense fallback={waiting}>
      {presence.kind === 'nobody' || owesSteps(presence.session) ? (
        <SignInPage
          ended={presence.kind === 'nobody' && presence.ended}
          session={presence.kind === 'somebody' ? presence.session : null}
          onEntered={enter}
        />
      ) : (
        <Console session={presence.session} onLeft={leave} />
      )}
      {proof ? (
        <StepUp
          wanted={proof.wanted}
          onEnd={(proven) => {
            setProof(null);
            proof.answer(proven);
          }}
        />
      ) : null}
    </Suspense>
  );
}

function owesSteps({ user }: Session): boolean {
  return user.must_change_password || user.must_enrol;
}
