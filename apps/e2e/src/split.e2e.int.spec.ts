import { runScenarios } from './scenarios/index.js';

runScenarios('split');
