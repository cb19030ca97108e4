/// The steps after which BuildKit and Envoy use new internal certificates.
struct BackendRestart {
    let installation: InstallationID
    /// The name of BuildKit's Deployment.
    let deployment: String
    /// The timeout for the new pod, in seconds.
    let timeout: Int

    /// BuildKit reads its certificates only when it starts. It drains before the restart, so no build is lost.
    var steps: [Step] {
        [
            Step(
                id: "restart", title: "Restart BuildKit with its new certificates when idle",
                action: .run(command: installation.kubectl("rollout", "restart", "deployment/\(deployment)"))),
            // Envoy has the former pair until the kubelet updates the Secret, which would take minutes.
            Step(
                id: "nudge", title: "Reload certificates in Envoy",
                action: .refreshProxies(installation: installation)),
            // A verification before that could still reach the former pod.
            Step(
                id: "ready", title: "Wait until BuildKit is ready",
                action: .awaitPods(
                    component: "builder", deployment: deployment, installation: installation,
                    timeout: timeout)),
        ]
    }
}
