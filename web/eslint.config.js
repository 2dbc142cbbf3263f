import tseslint from 'typescript-eslint';

export default tseslint.config(...tseslint.configs.strict, ...tseslint.configs.stylistic, {
  rules: {
    '@typescript-eslint/no-non-null-assertion': 'off',
    'no-restricted-properties': [
      'error',
      // Names and labels of the data must never become markup.
      { property: 'innerHTML', message: 'use textContent' },
      { property: 'outerHTML', message: 'use textContent' },
      { property: 'insertAdjacentHTML', message: 'use textContent' },
    ],
  },
});
