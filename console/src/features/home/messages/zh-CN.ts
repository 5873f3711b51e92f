// Words of the home of whoever keeps recordings going.
export default {
  title: '首页',
  keptTitle: '都录下来了吗？',
  keptNow: '现在 {{recording}} / {{due}} 路在录',
  nothingLost: '没有缺录',
  yesterday: '昨日录像完整',
  keptLink: '逐路逐日',
  offline: '离线与故障',
  nothingOffline: '全部码流正常',
  alarms: '未结告警',
  noAlarms: '没有未结告警',
  more: '全部',
  storage: '存储',
  own: '本人事项',
  ownLead: '你的账号还没有职能。可看自己的查看记录、会话与口令；需要职能请找安全管理员。',
} as const;
