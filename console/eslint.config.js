// The console's lint rules: strict types, hooks, one direction of imports, and no control that is silently dead.
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const fence = (patterns, message) => ({
  'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }],
});

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'src/api/schema.d.ts', 'eslint.config.js', 'tools/**'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector: "JSXAttribute[name.name='disabled']",
          message: 'A dead control explains nothing: use <Act refusal={…}>, which stays focusable and opens WhyNot.',
        },
        {
          selector: "JSXOpeningElement[name.name='Spin']",
          message: 'A bare spinner names no wait: use <PanelState>.',
        },
      ],
    },
  },
  {
    files: ['src/shared/**'],
    rules: fence(['@/features/*', '@/app/*', '**/features/**', '**/app/**'], 'shared knows neither features nor app.'),
  },
  {
    files: ['src/features/**'],
    rules: fence(['@/app/*', '**/app/**'], 'features do not know the app that holds them.'),
  },
  {
    files: ['src/api/**'],
    rules: fence(['@/features/*', '@/app/*', '@/shared/*'], 'api knows only the wire.'),
  },
);
