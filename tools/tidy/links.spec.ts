import { brokenLinks } from './links.js';
import { readFiles, repositoryPaths } from './repository.js';

test('every link of the documentation leads somewhere', () => {
  const documents = readFiles(/\.md$/);
  expect(documents.length).toBeGreaterThan(10);
  expect(brokenLinks(documents, new Set(repositoryPaths()))).toEqual([]);
});

test('links to absent files and headings are found', () => {
  const documents = [
    {
      path: 'docs/a.md',
      text: [
        '# First steps: `npm ci`',
        '[ok](../README.md) [ok](adr/) [ok](#first-steps-npm-ci) [ok](https://example.test/x)',
        '[no](b.md) [no](../README.md#nothing) [no](#second)',
        '```\n[in code](nowhere.md)\n```',
      ].join('\n'),
    },
    { path: 'README.md', text: '# Hello' },
  ];
  const paths = new Set(['docs/a.md', 'README.md', 'docs/adr/0001.md']);
  expect(brokenLinks(documents, paths)).toEqual([
    'docs/a.md: b.md',
    'docs/a.md: ../README.md#nothing',
    'docs/a.md: #second',
  ]);
});
