/// How builders are reached from outside the cluster.
public enum Exposure: String, CaseIterable, Codable, Sendable {
    case portForward = "port-forward"
    case loadBalancer = "load-balancer"
    case nodePort = "node-port"
}

/// Where the certificates come from.
public enum CertificateSource: String, CaseIterable, Codable, Sendable {
    case issue, bake, folder, secrets
}

/// What a rotation makes anew.
public enum Renewing: String, CaseIterable, Codable, Sendable {
    case certificates, authority, finish, inner
}

/// How BuildKit is kept from the node that it runs on.
public enum SecurityProfile: String, CaseIterable, Codable, Sendable {
    case rootless, userns, privileged
}
