// How to make a broker write its debug lines, and how to end that: for reasons that hide below its default level.

export const showDebug =
  'To see it: "rabbitmqctl set_log_level debug" on the node (3.7.10 and newer) and afterwards "rabbitmqctl set_log_level info"; on older ones log.file.level = debug in rabbitmq.conf, and a restart. Debug logs grow fast: put it back.';
