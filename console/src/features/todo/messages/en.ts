// Words of the list of what is to be done.
export default {
  title: 'To-do',
  count: '{{count}}, by legal deadline',
  none: 'Nothing is to be done. The next duty stands here as soon as its clock runs.',
  groups: { overdue: 'Overdue', today: 'Today', three: 'Within three days', seven: 'Within seven days', later: 'Later' },
  verb: {
    preparing: 'Prepare',
    checking: 'Check and submit',
    submitted: 'Record the answer',
    returned: 'Correct',
    refused: 'Prepare anew',
    withdrawn: 'Prepare',
    accepted: 'See',
    broken: 'Mend',
    pending: 'Do',
    unknown: 'Find out',
  },
  open: 'Open',
  partly: 'Without the permission for {{what}}, its duties are not in this list.',
};
