// The wall that stands on this screen, for those who want to put a camera on it from elsewhere (palette, lists).

type Put = (channel: string) => void;

let standing: Put | null = null;

/** The live page registers itself while it is mounted. */
export function wallStands(put: Put): () => void {
  standing = put;
  return () => {
    if (standing === put) standing = null;
  };
}

/** Puts the camera into the wall's selected cell; false when no wall stands on this screen. */
export function putOnWall(channel: string): boolean {
  if (!standing) return false;
  standing(channel);
  return true;
}
