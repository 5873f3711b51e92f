// Words of the home of whoever keeps recordings going.
export default {
  title: 'Home',
  keptTitle: 'Is everything being kept?',
  keptNow: '{{recording}} of {{due}} recording now',
  nothingLost: 'Nothing is being lost',
  yesterday: 'Kept yesterday',
  keptLink: 'By camera and day',
  offline: 'Offline and faults',
  nothingOffline: 'Every stream is well',
  alarms: 'Open alarms',
  noAlarms: 'No open alarm',
  more: 'All',
  storage: 'Storage',
  own: 'Your own matters',
  ownLead: 'Your account has no role yet. You can see your views, sessions and password; ask the security administrator for a role.',
};
