export { MessagesService, type MessagesServiceOptions } from './service.ts';
