// Words around the names of cameras, people, roles and streams.
export default {
  division: 'Division',
  everywhere: 'Everywhere',
  noRole: 'No role: this person sees only their own matters',
  copy: 'Copy the identifier {{id}}',
  copied: 'Copied',
  whenRegistered: 'Name when it was registered',
  stream: { main: 'main stream', sub: 'sub-stream' },
};
