// All Chinese texts. Chinese is the source: its keys are the keys.
import frame from './frame';
import signin from './signin';
import states from './states';

export default { frame, signin, states };
