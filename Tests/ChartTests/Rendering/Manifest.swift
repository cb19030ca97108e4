import LabSupport
import Yams

/// A rendered chart.
struct Manifest {
    let text: String
    let notes: String
    let objects: [KubernetesObject]

    init(_ rendered: Rendered) throws {
        if let error = rendered.error { throw LabFailure(error) }
        text = rendered.manifest ?? ""
        notes = rendered.notes ?? ""
        let hooks = rendered.tests ?? ""
        objects = try (Array(Yams.compose_all(yaml: text)) + Array(Yams.compose_all(yaml: hooks)))
            .filter { $0.mapping != nil }.map(KubernetesObject.init)
    }

    /// - Parameter name: for example `Deployment/buildkit-proxy`.
    func object(_ name: String) throws -> KubernetesObject {
        guard let object = objects.first(where: { $0.name == name }) else {
            throw LabFailure("There is no \(name) among \(objects.map(\.name)).")
        }
        return object
    }

    func has(_ name: String) -> Bool {
        objects.contains { $0.name == name }
    }

    /// The pods that run permanently.
    var pods: [(name: String, spec: Node)] {
        get throws {
            try ["builder", "proxy"].map { component in
                let deployment = try object("Deployment/buildkit-\(component)")
                guard let spec = deployment["/spec/template/spec"] else {
                    throw LabFailure("\(deployment.name) has no pods.")
                }
                return (component, spec)
            }
        }
    }
}
