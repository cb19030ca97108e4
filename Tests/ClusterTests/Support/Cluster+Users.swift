import FoundationEssentials
import Installer
import LabSupport

extension Cluster {
    /// Creates a user with some ClusterRoles, and returns the kubeconfig.
    /// - Parameters:
    ///   - roles: ClusterRoles.
    ///   - namespace: where they are bound; nil: everywhere.
    func user(who roles: [String], in namespace: String? = nil, folder: String) async throws -> String {
        let name = "user-" + String(UInt64.random(in: 0 ... .max), radix: 36)
        try await kubectl.require("create", "serviceaccount", name, "--namespace", "default")
        for role in roles {
            let scope =
                namespace.map { ["rolebinding", name, "--namespace", $0] } ?? ["clusterrolebinding", name]
            try await kubectl.require(
                ["create"] + scope + ["--clusterrole", role, "--serviceaccount", "default:\(name)"])
        }
        let token = try await token(of: name)
        let file = "\(folder)/kubeconfig-of-\(name)"
        try FileManager.default.copyItem(atPath: kubeconfig, toPath: file)
        let config = try Program(.kubectl, environment: ["KUBECONFIG": file])
        try await config.require("config", "set-credentials", name, "--token", token)
        try await config.require("config", "set-context", "test", "--user", name)
        return file
    }

    /// The token that Kubernetes creates for an account automatically, as it did until 1.24.
    private func token(of account: String) async throws -> String {
        var token: String?
        try await eventually("\(account) has a token") {
            let secret = try await list("secrets", in: "default").first {
                $0["metadata"]?["annotations"]?["kubernetes.io/service-account.name"]?.string == account
            }
            token = secret?["data"]?["token"]?.string.flatMap { Data(base64Encoded: $0) }
                .map { String(decoding: $0, as: UTF8.self) }
            return token != nil
        }
        return token ?? ""
    }
}
