// All English texts, complete by type against the Chinese.
import type zh from '../zh-CN';
import type { Shape } from '../shape';
import cameras from './cameras';
import frame from './frame';
import keeping from './keeping';
import live from './live';
import playback from './playback';
import signin from './signin';
import accounts from './accounts';
import actions from './actions';
import journal from './journal';
import operation from './operation';
import oversee from './oversee';
import own from './own';
import states from './states';

const en: Shape<typeof zh> = {
  cameras,
  frame,
  keeping,
  live,
  playback,
  signin,
  accounts,
  actions,
  journal,
  operation,
  oversee,
  own,
  states,
};
export default en;
