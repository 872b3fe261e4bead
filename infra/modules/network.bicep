import { Tags } from '../types.bicep'

@description('Name of the network.')
param name string

param location string

param tags Tags

@description('Address space of the network, at least a /24.')
param addressSpace string

@description('Lets the app\'s subnet through the firewalls of storage and vault, where these have no endpoints in the network.')
param serviceEndpoints bool

// A Flex Consumption app takes addresses as it scales; a subnet of /26 has room for the 40 instances that are the least maximum, and more.
var appPrefix = cidrSubnet(addressSpace, 26, 0)
var endpointPrefix = cidrSubnet(addressSpace, 26, 1)

resource network 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressSpace] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appPrefix
          delegations: [
            {
              name: 'flex'
              // Flex Consumption integrates by this one; the subscription must have the provider Microsoft.App registered.
              properties: { serviceName: 'Microsoft.App/environments' }
            }
          ]
          serviceEndpoints: serviceEndpoints
            ? [{ service: 'Microsoft.Storage' }, { service: 'Microsoft.KeyVault' }]
            : []
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointPrefix
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource app 'subnets' existing = {
    name: 'app'
  }

  resource endpoints 'subnets' existing = {
    name: 'endpoints'
  }
}

output id string = network.id
output appSubnetId string = network::app.id
output endpointSubnetId string = network::endpoints.id
