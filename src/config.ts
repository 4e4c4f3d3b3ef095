export * from './config/config.ts';
export { configFrom } from './config/config-from.ts';
