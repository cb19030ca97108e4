import FoundationEssentials

// The fields of the cluster's objects that the kubelet substitute reads.

struct ConfigMap: Decodable {
    let data: [String: String]
}

struct Secret: Decodable {
    let data: [String: Data]
}

struct Service: Decodable {
    struct Port: Decodable {
        let port: Int
    }
    struct Spec: Decodable {
        let ports: [Port]
    }
    let spec: Spec
}

struct Deployment: Decodable {
    struct Item: Decodable {
        let key: String
        let path: String
    }
    struct SecretSource: Decodable {
        let secretName: String
        let items: [Item]
    }
    struct Volume: Decodable {
        let name: String
        let secret: SecretSource?
    }
    struct PodSpec: Decodable {
        let volumes: [Volume]
    }
    struct Template: Decodable {
        let spec: PodSpec
    }
    struct Spec: Decodable {
        let template: Template
    }
    let spec: Spec
}
