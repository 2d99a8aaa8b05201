export const HELP = `Usage: cdk8s-etcd COMMAND

Commands:
  from-bitnami VALUES   moves a release of Bitnami's chart etcd 11.3.4 to this library

  -h, --help            this text; also of a command
  --version             the version of the library
`;

export const FROM_BITNAMI_HELP = `Usage: cdk8s-etcd from-bitnami [OPTION]... VALUES

Prints the TypeScript of an app that makes the same etcd cluster as a release of Bitnami's chart etcd 11.3.4: same
names, selectors, claims, ports and settings. The app goes to standard output, and to standard error a report: what is
the same, what is safer, what is left out, and what the chart does with this file. No file is written unless asked for.

VALUES is the release's values file, or - for standard input:
  helm get values etcd --namespace etcd-cluster --output yaml | npx cdk8s-etcd from-bitnami - > main.ts

  -r, --release NAME    name of the release (etcd)
  -n, --namespace NAME  namespace of the release (etcd-cluster); part of every member's address
      --live FILE       compare with the live StatefulSet, as kubectl get statefulset --output yaml prints it, and stop
                        where Kubernetes would refuse the change, or where it is another cluster: other URLs, data
                        folder, minor version or user, more members, or users; - for standard input
      --new             the cluster has no data yet: members may start empty
      --code            print the app only
      --report          print the report only, to standard output
      --json            print both as JSON, to standard output
  -o, --output DIR      write DIR/main.ts and DIR/report.txt instead; a file that exists is not overwritten
  -h, --help            this text

Exit status: 0 all is well; 1 the values cannot be imported, or the live StatefulSet differs; 2 wrong usage.
`;
