// All Chinese texts. Chinese is the source: its keys are the keys.
import frame from './frame';
import playback from './playback';
import signin from './signin';
import states from './states';

export default { frame, playback, signin, states };
