/// The labels that the installer sets and reads.
enum Labels {
    /// https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
    static let managedBy = "app.kubernetes.io/managed-by"
    static let us = "buildkit-installer"
    /// https://kubernetes.io/docs/concepts/security/pod-security-admission/
    static let podSecurity = "pod-security.kubernetes.io/enforce"

    /// What marks an object as this program's own.
    static let ours = [managedBy: us]

    /// Selects the pods of both of a release's parts.
    static func pods(of site: Site) -> String {
        "app.kubernetes.io/instance=\(site.release),app.kubernetes.io/component in (builder,proxy)"
    }

    /// Selects the pods of one of a release's two parts: `proxy` or `builder`.
    static func pods(of site: Site, _ component: String) -> String {
        "app.kubernetes.io/instance=\(site.release),app.kubernetes.io/component=\(component)"
    }

    /// The annotation of a pod whose Secrets have changed; its value is the time.
    static let nudged = "buildkit-installer/certificates-changed"
}
