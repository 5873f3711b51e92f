// All English texts, complete by type against the Chinese.
import type zh from '../zh-CN';
import type { Shape } from '../shape';
import frame from './frame';
import playback from './playback';
import signin from './signin';
import states from './states';

const en: Shape<typeof zh> = { frame, playback, signin, states };
export default en;
