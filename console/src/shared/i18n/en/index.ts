// All English texts, complete by type against the Chinese.
import type zh from '../zh-CN';
import type { Shape } from '../shape';
import frame from './frame';
import signin from './signin';
import states from './states';

const en: Shape<typeof zh> = { frame, signin, states };
export default en;
