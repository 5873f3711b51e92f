// Words around the names of cameras, people, roles and streams.
export default {
  division: '行政区划',
  everywhere: '全辖区',
  noRole: '没有职能：登录后只能看本人事项',
  copy: '复制编号 {{id}}',
  copied: '已复制',
  whenRegistered: '登记时的名称',
  stream: { main: '主码流', sub: '子码流' },
} as const;
