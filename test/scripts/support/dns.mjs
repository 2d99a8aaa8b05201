// DNS of the pods' network: no name exists but those in a pod's /etc/hosts, and it says so at once. Ends with its standard input.
import { createSocket } from 'node:dgram';

const NAME_ERROR = 0x8183; // a response, RCODE 3
const HEADER_BYTES = 12;

const server = createSocket('udp4');
server.on('message', (query, { port, address }) => {
  if (query.length < HEADER_BYTES) return;
  const answer = Buffer.from(query);
  answer.writeUInt16BE(NAME_ERROR, 2);
  server.send(answer, port, address);
});
server.bind(53, process.argv[2]);
process.stdin.resume().on('end', () => process.exit());
