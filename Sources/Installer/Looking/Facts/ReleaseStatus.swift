// The words by which Helm says how far a release is; the same in Helm 3 and 4.
// https://helm.sh/docs/helm/helm_status/

extension Facts.Release {
    /// Whether Helm refuses to change it until somebody frees it.
    var isLocked: Bool { isHalfThere || ["pending-upgrade", "pending-rollback"].contains(status) }

    /// Whether there is nothing to go back to: a first install or an uninstall that was cut short.
    var isHalfThere: Bool { ["pending-install", "uninstalling"].contains(status) }
}
