/**
 * What the conditions of health say to people. A condition is named by its id on the wire and in rules; whoever
 * evaluates it sends numbers and labels, and the words are put here, where the hub, the page and the plain
 * stream all take them from. `{value}`, `{expected}` and `{label}` stand for what belongs to the alert.
 */
export type ConditionId =
  | 'disk-full'
  | 'disk-filling'
  | 'disk-inodes'
  | 'memory-pressure'
  | 'memory-stalled'
  | 'cpu-saturation'
  | 'network-errors'
  | 'clock-unsynced'
  | 'temperature-high'
  | 'host-silent';

export type HealthLanguage = 'en' | 'zh-CN';

export interface ConditionTexts {
  /** A few words without numbers. */
  readonly title: string;
  /** One sentence with the value and what it belongs to. */
  readonly summary: string;
  /** What follows when nothing is done. */
  readonly why: string;
  /** The first things to look at or do. */
  readonly action: string;
}

type TextsByLanguage = Readonly<Record<HealthLanguage, ConditionTexts>>;

export const conditionTexts: Readonly<Record<ConditionId, TextsByLanguage>> = {
  'disk-full': {
    en: {
      title: 'Disk almost full',
      summary: '{mountpoint} on {instance} has {value} free.',
      why: 'Programs that cannot write stop, lose data or refuse to start; databases may need repair.',
      action:
        'Find what is large with `du -xh {mountpoint} | sort -h | tail`, then remove or move it, or enlarge the file system.',
    },
    'zh-CN': {
      title: '磁盘快满了',
      summary: '{instance} 的 {mountpoint} 只剩 {value} 可用空间。',
      why: '程序写不进数据就会停止、丢数据或无法启动，数据库还可能需要修复。',
      action:
        '用 `du -xh {mountpoint} | sort -h | tail` 找出大文件，然后删除、移走，或者扩大文件系统。',
    },
  },
  'disk-filling': {
    en: {
      title: 'Disk is filling up',
      summary: '{mountpoint} on {instance} will be full in about {expected} at its present pace.',
      why: 'Once it is full, programs that write to it fail.',
      action:
        'Look for what grows: logs, dumps, caches. Stop it or make room before the time is up.',
    },
    'zh-CN': {
      title: '磁盘正在被写满',
      summary: '按现在的速度，{instance} 的 {mountpoint} 大约 {expected}后写满。',
      why: '写满之后，往里写数据的程序都会出错。',
      action: '找出正在变大的东西：日志、转储、缓存。在写满之前停掉它，或者腾出空间。',
    },
  },
  'disk-inodes': {
    en: {
      title: 'Almost no inodes left',
      summary: '{mountpoint} on {instance} has {value} of its inodes free.',
      why: 'Without free inodes no file can be created, even with plenty of space left.',
      action:
        'Look for folders with very many small files (`du --inodes -x {mountpoint} | sort -n | tail`) and clear them.',
    },
    'zh-CN': {
      title: 'inode 快用完了',
      summary: '{instance} 的 {mountpoint} 只剩 {value} 的 inode。',
      why: 'inode 用完后，就算还有空间也无法再新建文件。',
      action: '用 `du --inodes -x {mountpoint} | sort -n | tail` 找出小文件特别多的目录并清理。',
    },
  },
  'memory-pressure': {
    en: {
      title: 'Memory is running out',
      summary: '{instance} has {value} of its memory available.',
      why: 'The system slows down as it swaps, and in the end the kernel kills a program to go on.',
      action: 'See which processes hold the most memory; restart or limit them, or add memory.',
    },
    'zh-CN': {
      title: '内存快用完了',
      summary: '{instance} 只剩 {value} 的可用内存。',
      why: '系统会因为换页变慢，最后内核会杀掉某个程序来维持运行。',
      action: '看哪些进程占内存最多，重启或限制它们，或者增加内存。',
    },
  },
  'memory-stalled': {
    en: {
      title: 'Everything waits for memory',
      summary: '{instance} stood still for {value} of the time, waiting for memory.',
      why: 'All programs wait while memory is reclaimed or read back from swap: the host answers slowly or not at all.',
      action:
        'See which processes hold the most memory and which read from disk without end; restart or limit them, or add memory.',
    },
    'zh-CN': {
      title: '所有程序都在等内存',
      summary: '{instance} 有 {value} 的时间停下来等待内存。',
      why: '回收内存或从交换区读回数据时，所有程序都在等待，主机响应很慢甚至没有响应。',
      action: '看哪些进程占内存最多、哪些不停地读磁盘，重启或限制它们，或者增加内存。',
    },
  },
  'cpu-saturation': {
    en: {
      title: 'CPU is saturated',
      summary: 'The CPUs of {instance} are {value} busy.',
      why: 'Work waits for a free CPU: everything on this host answers more slowly.',
      action: 'See which processes use the CPU, and whether that is work or a loop gone wild.',
    },
    'zh-CN': {
      title: 'CPU 已满载',
      summary: '{instance} 的 CPU 使用率为 {value}。',
      why: '任务要排队等待 CPU，这台主机上的一切都会变慢。',
      action: '看是哪些进程在用 CPU，是正常工作还是死循环。',
    },
  },
  'network-errors': {
    en: {
      title: 'Network errors',
      summary: '{device} on {instance} has {value} errors a second.',
      why: 'Damaged or lost packets are sent again: connections become slow or break.',
      action:
        'Check cable, port and driver; `ip -s link show {device}` and the switch’s counters tell which side it is.',
    },
    'zh-CN': {
      title: '网络出错',
      summary: '{instance} 的 {device} 每秒出错 {value} 次。',
      why: '损坏或丢失的数据包要重发，连接会变慢甚至中断。',
      action:
        '检查网线、端口和驱动；`ip -s link show {device}` 和交换机的计数可以看出是哪一侧的问题。',
    },
  },
  'clock-unsynced': {
    en: {
      title: 'Clock is not in sync',
      summary: 'The clock of {instance} is not synchronised (estimated error {value}).',
      why: 'Times in logs and charts drift apart, and certificates, tokens and clusters may fail.',
      action:
        'Start a time service (chrony, systemd-timesyncd) and check that it reaches a server.',
    },
    'zh-CN': {
      title: '时钟没有同步',
      summary: '{instance} 的时钟没有同步（估计误差 {value}）。',
      why: '日志和图表的时间会越差越远，证书、令牌和集群都可能出错。',
      action: '启动时间服务（chrony、systemd-timesyncd），并确认它能连上时间服务器。',
    },
  },
  'temperature-high': {
    en: {
      title: 'Too hot',
      summary: '{sensor} on {instance} is at {value}.',
      why: 'Hardware slows itself down when hot, ages faster, and switches off to save itself.',
      action: 'Check fans, dust and the room’s air; find out what keeps the machine busy.',
    },
    'zh-CN': {
      title: '温度过高',
      summary: '{instance} 的 {sensor} 温度为 {value}。',
      why: '硬件过热会降频、加速老化，最后自动断电保护。',
      action: '检查风扇、灰尘和机房通风，看是什么让机器一直忙。',
    },
  },
  'host-silent': {
    en: {
      title: 'Host is silent',
      summary: 'Nothing has been heard from {instance} for {value}.',
      why: 'The host, its network or its agent is down: nobody sees what happens there.',
      action: 'Check that the host answers, then its agent, then the way between it and the hub.',
    },
    'zh-CN': {
      title: '主机失去联系',
      summary: '已经 {value}没有收到 {instance} 的任何数据。',
      why: '主机、网络或代理已停止，那里发生的事情没人看得到。',
      action: '先看主机是否有响应，再看代理，最后看它到中心之间的网络。',
    },
  },
};
