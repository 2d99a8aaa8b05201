// Jest's transform: the source with a switch around each place, then the transform of all tiers.
import { createHash } from 'node:crypto';
import swc from '@swc/jest';
import base from '../../jest.base.mjs';
import { places } from './places.mjs';

const [, options] = base.transform['\\.ts$'];
const transformer = swc.createTransformer(options);
const edited = (text, file) => places().withSwitches(file, text);

export default {
  canInstrument: false,
  process: (text, file, given) => transformer.process(edited(text, file), file, given),
  getCacheKey: (text, file, given) =>
    createHash('sha256')
      .update(transformer.getCacheKey(edited(text, file), file, given))
      .update('with switches')
      .digest('hex'),
};
