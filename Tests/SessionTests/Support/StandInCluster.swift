import LabSupport

/// A cluster with an installation, in the answers of a kubectl and a helm that are scripts. They are always the same, so
/// that pages can be recorded.
struct StandInCluster: Sendable {
    /// Those of BuildKit; 0: it is scaled to zero.
    let pods: Int

    func serve(_ laptop: Laptop) throws {
        try StandIn.write(kubectl, to: "\(laptop.programs)/kubectl")
        try StandIn.write(Self.helm, to: "\(laptop.programs)/helm")
    }

    private var kubectl: String {
        """
        case "$*" in
        "config view"*) printf '["lab", [{"name": "lab"}, {"name": "other"}]]' ;;
        "version --client"*) printf '{"clientVersion": {"gitVersion": "v1.36.2"}}' ;;
        version*) printf '{"serverVersion": {"gitVersion": "v1.36.2"}}' ;;
        "get namespace buildkit "*)
            printf '{"metadata": {"name": "buildkit", "labels": {"app.kubernetes.io/managed-by": "buildkit-installer"}}}' ;;
        "get deployments.apps "*)
            printf '{"items": [{"metadata": {"name": "buildkit-builder", "namespace": "buildkit", "labels": '
            printf '{"helm.sh/chart": "buildkit-0.1.0", "app.kubernetes.io/instance": "buildkit"}}, '
            printf '"spec": {"replicas": \(pods)}, "status": {"readyReplicas": \(pods)}}]}' ;;
        api-resources*) printf 'configmaps\\n' ;;
        *--ignore-not-found* | "get pods "* | logs*) ;;
        "get "*"--output json"*) printf '{"items": []}' ;;
        *) exit 1 ;;
        esac
        """
    }

    /// A release with one client on its list.
    private static let helm = """
        case "$*" in
        version*) printf v4.1.0 ;;
        history*) printf '[{"revision": 1, "status": "deployed", "chart": "buildkit-0.1.0", "app_version": "v0.32.2"}]' ;;
        "get values"*) printf '{"proxy": {"certificates": {"revocations": true}, '
            printf '"clients": [{"name": "alice", "role": "builder"}]}}' ;;
        "get manifest"*) printf '# Source: buildkit/templates/proxy/\\n# Source: buildkit/templates/builder/\\n' ;;
        *) exit 1 ;;
        esac
        """
}
