// Words of the list of what is to be done.
export default {
  title: '待办',
  count: '{{count}} 件，按法定期限排列',
  none: '没有待办。下一项义务一到期限计时，就会出现在这里。',
  groups: { overdue: '逾期', today: '今天', three: '三日内', seven: '七日内', later: '以后' },
  verb: {
    preparing: '办理',
    checking: '复核并提交',
    submitted: '登记答复',
    returned: '补正',
    refused: '重新办理',
    withdrawn: '办理',
    accepted: '查看',
    broken: '整改',
    pending: '办理',
    unknown: '核实',
  },
  open: '办理',
  partly: '没有权限看{{what}}，其义务不在此列。',
} as const;
